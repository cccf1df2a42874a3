"""Publishing makes what settings need on the portal: user fields, dropdown items, sections of the lead card."""
