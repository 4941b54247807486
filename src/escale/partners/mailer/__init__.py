"""Messages to people, by SMTP or by an HTTP service compatible with Notify."""
