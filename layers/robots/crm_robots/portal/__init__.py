"""How the portal is called. The spelling of its two families of methods, classic and universal, stops here."""
