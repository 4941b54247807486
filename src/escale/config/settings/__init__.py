"""Settings of the product: one file per concern, every value read from the environment."""

from escale.config.settings.apps import *
from escale.config.settings.base import *
from escale.config.settings.database import *
from escale.config.settings.internationalisation import *
from escale.config.settings.journal import *
from escale.config.settings.legal import *
from escale.config.settings.partners import *
from escale.config.settings.security import *
from escale.config.settings.web import *
