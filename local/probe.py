"""Asking whether something answers on this machine, whatever it answers and whatever proxy the user has."""
import urllib.error
import urllib.request

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers(url: str, seconds: float = 2) -> bool:
    """Return whether an HTTP server answers at `url`."""
    try:
        _opener.open(url, timeout=seconds).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
