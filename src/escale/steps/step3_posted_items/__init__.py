"""3 · Envoi postal des pièces complémentaires

« J’envoie ma photo aux normes françaises ainsi que l’étiquette d’envoi pré-payée à mon poste consulaire. […]
il convient de ne pas sélectionner l’option « signature d’un adulte ». Si vous contractez ce service, votre demande
sera annulée par DHL. »
"""
