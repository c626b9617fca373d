FILE = "dossier.pdf"
def told(layout): return {}
def pdf(told): return b""
