"""Who publishes the service, as the law has every site say (loi n° 2004-575, art. 1-1; RGPD, art. 13; RGAA)."""

from escale.config import env

PUBLISHER = env.text("ESCALE_PUBLISHER", "")
PUBLICATION_DIRECTOR = env.text("ESCALE_PUBLICATION_DIRECTOR", "")
HOSTING = env.text("ESCALE_HOSTING", "")
DATA_PROTECTION_CONTACT = env.text("ESCALE_DATA_PROTECTION_CONTACT", "")
ACCESSIBILITY_CONTACT = env.text("ESCALE_ACCESSIBILITY_CONTACT", "")
