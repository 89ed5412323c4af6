"""What a checker raises."""


class CertificateError(ValueError):
    """The certificate does not prove its answer; the message names the first entry that fails."""
