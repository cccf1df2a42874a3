"""How the portal is spoken to. Its two dialects, classic and universal, stop here."""
