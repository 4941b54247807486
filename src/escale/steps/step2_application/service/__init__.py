"""Use cases of step 2, one file per subject: draft, files, stamp, payment, submission, review, endings."""
