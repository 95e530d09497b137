"""Asking whether something answers on this machine, whatever it answers and whatever proxy the user has."""
import urllib.error
import urllib.request

PATIENCE = 5                               # seconds
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers(url: str) -> bool:
    """Return whether an HTTP server answers at `url`."""
    return _status(url) != 0


def well(url: str) -> bool:
    """Return whether the server at `url` answers and says that all is well."""
    return _status(url) == 200


def _status(url: str) -> int:
    try:
        with _opener.open(url, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
