"""The portal's pages for people: boards, cards, news, the log of what happened, and the switches."""
