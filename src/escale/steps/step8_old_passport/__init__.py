"""8 · Envoi postal sécurisé du passeport expiré

« Je n’oublie pas d’envoyer par envoi postal sécurisé le passeport expiré au poste consulaire dans les 40 jours.
Attention ! si je ne renvoie pas mon ancien passeport, mon nouveau passeport sera invalidé automatiquement et sera
signalé à Interpol. »
"""
