"""Reports: figures and the tables behind them."""
