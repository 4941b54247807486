"""The applicant's pages of step 2."""
