"""1 · Connexion sécurisée à la démarche

« Je me connecte au portail Registre sur service-public.fr grâce à mes identifiants FranceConnect+
(France identité ou La Poste). »
"""
