# Base64 in lines, as in mails.


def encodebytes(s):
    return b''.join(b64encode(s[at:at + 57]) + b'\n' for at in range(0, len(s), 57))


def decodebytes(s):
    return b64decode(s)
