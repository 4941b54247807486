"""5 · Notification d’envoi du passeport et de numéro de sécurité

« Je reçois une notification par courriel : mon passeport est produit et en cours d’acheminement par voie postale
sécurisée. »
"""
