"""7 · Confirmation de la réception du passeport

« Je me connecte sur le site de l’ANTS pour confirmer la bonne réception du passeport et je renseigne le numéro de
sécurité qui m’a été transmis. »
"""
