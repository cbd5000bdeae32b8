"""Virtual cohorts and in-silico trials: a population and a trial design in, one row a virtual patient out."""
