"""The equations in other languages: LaTeX for readers, SBML for other simulators."""
