"""The pure part of scripts/gate_trials: where its text goes."""
BEGIN, END = '<!-- begin gate trials -->', '<!-- end gate trials -->'


def between_markers(document, text):
    """The document with the text between the markers; ValueError when they are not there."""
    begin, end = document.index(BEGIN), document.index(END)
    return document[:begin + len(BEGIN)] + '\n' + text + '\n' + document[end:]
