"""The electronic tax stamp (timbre fiscal électronique) and PayFiP: their protocols and believable partners."""
