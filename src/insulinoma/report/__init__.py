"""Figures and reports of a case: pictures with the tables behind them."""
