"""6 · Réception du passeport

« Je reçois mon passeport envoyé par le poste consulaire sous pli sécurisé par voie postale. »
"""
