"""2 · Demande de renouvellement

« Je réalise ma demande de renouvellement sur service-public.fr, en chargeant les pièces justificatives
et je paie le timbre électronique. »
"""
