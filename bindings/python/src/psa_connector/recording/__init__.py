"""Recordings: what a PSA answered to which requests. Recordings in JSON, cases, and HTTP archives (HAR)."""

from psa_connector.recording.exchange import Exchange
from psa_connector.recording.reading import Recording
from psa_connector.recording.replay import Replay

__all__ = ["Exchange", "Recording", "Replay"]
