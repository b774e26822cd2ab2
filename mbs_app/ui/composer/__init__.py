"""The composer: a draft is written, its audience, time and number chosen, with a phone beside it."""
