"""The pure parts of scripts/gate_trials: the order of runs, and where its text goes. Knows no
process, clock or file.
"""
BEGIN, END = '<!-- begin gate trials -->', '<!-- end gate trials -->'


def order_of(block, sides):
    """Forwards, then backwards, so that what drifts drifts for all: ABC, CBA, ABC and so on."""
    return list(sides) if block % 2 == 0 else list(reversed(sides))


def between_markers(document, text):
    """The document with the text between the markers; ValueError when they are not there."""
    begin, end = document.index(BEGIN), document.index(END)
    return document[:begin + len(BEGIN)] + '\n' + text + '\n' + document[end:]
