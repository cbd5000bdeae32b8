"""From the rows of a trial to its answers: survival, contrasts, subgroups, power, each as a table."""
