"""What the pages of places and ratings show: frozen rows turned into values ready to print, in few queries.

Nothing here asks who is looking: the views pass only places and revisions that they found by the rule of sight.
"""
