"""4 · Entretien par visio avec un agent consulaire

« Ma demande est validée et je réserve un RDV pour un entretien visio via le Webconférence de l’État avec un agent
consulaire. L’agent consulaire vérifie mon identité et valide ma demande. On me transmet également un numéro de
sécurité. »
"""
