"""The video room of the interview: our own room, the Webconférence de l'État (Jitsi), or Visio (Meet)."""
