"""The same partners as in the tests of the steps."""

from tests.steps.conftest import courier as courier, issuance as issuance, sub as sub
