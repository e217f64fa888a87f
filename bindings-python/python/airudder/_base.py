"""What both clients have."""

from __future__ import annotations

from os import fspath

from airudder._native import Client as Native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from os import PathLike

    from airudder.results import SignRequest


class BaseClient:
    """Settings, which do not depend on how one waits."""

    def __init__(
        self,
        *,
        app_key: str | None = None,
        app_secret: str | None = None,
        base_url: str | None = None,
        allow_http: bool | None = None,
        encryption_key: str | None = None,
        encryption_key_fallbacks: Sequence[str] | None = None,
        encryption_scheme: str | None = None,
        encryption_iv: str | None = None,
        sign_key: str | None = None,
        sign_secret: str | None = None,
        sign_secret_fallbacks: Sequence[str] | None = None,
        signer: Callable[[SignRequest], str | Awaitable[str]] | None = None,
        timeout: float | None = None,
        connect_timeout: float | None = None,
        read_timeout: float | None = None,
        max_retries: int | None = None,
        proxy: str | None = None,
        ca_certificate: str | PathLike[str] | None = None,
        routes: Mapping[str, str] | None = None,
        max_response_bytes: int | None = None,
        max_event_bytes: int | None = None,
        max_event_age: float | None = None,
        verify_events: bool | None = None,
        require_signature: bool | None = None,
        require_encryption: bool | None = None,
    ) -> None:
        """Check the settings; what is None comes from the environment variable named with it, and else has the default.

        Args:
            app_key: The app key that AI Rudder gave you. Spaces and newlines at the end of keys and secrets are
                ignored. `AIRUDDER_APP_KEY`.
            app_secret: The app secret that AI Rudder gave you. `AIRUDDER_APP_SECRET`.
            base_url: Where the API is; `https://api.airudder.com` by default. `AIRUDDER_BASE_URL`. On a loopback
                address, where the emulator lives, key and secret may both be left out.
            allow_http: Whether `base_url` may begin with `http://` on other machines than this one; False by default,
                because keys, tokens and people's numbers would travel in clear. `AIRUDDER_ALLOW_HTTP`, which is `1` or
                `true`.
            encryption_key: The key to encrypt payloads with: text, or `hex:` and hexadecimal digits. Without it nothing
                is encrypted. `AIRUDDER_ENCRYPTION_KEY`.
            encryption_key_fallbacks: Keys that messages of AI Rudder may still, or already, be encrypted with, the
                newest first; tried in this order after `encryption_key`. To replace a key, give the new one here, tell
                AI Rudder, then make it `encryption_key` and keep the old one here until no redelivery can use it.
                `AIRUDDER_ENCRYPTION_KEY_FALLBACKS`, separated by commas.
            encryption_scheme: `aes-ecb` (a key of 16 bytes; the default) or `aes-cbc` (16, 24 or 32 bytes).
                `AIRUDDER_ENCRYPTION_SCHEME`.
            encryption_iv: The fixed initialization vector of `aes-cbc`, 16 bytes written like the key; without it each
                message starts with its own. `AIRUDDER_ENCRYPTION_IV`.
            sign_key: The key that signed calls name, 32 hexadecimal digits: all calls of the Chatbot API are signed,
                and only they need it. `AIRUDDER_SIGN_KEY`.
            sign_secret: The secret that they are signed with: HMAC-SHA256 over the body, in hexadecimal digits. AI
                Rudder's real way to sign is not known, this one is assumed. `AIRUDDER_SIGN_SECRET`.
            sign_secret_fallbacks: Secrets that events may still, or already, be signed with, the newest first; tried in
                this order after `sign_secret`, which alone signs calls. `AIRUDDER_SIGN_SECRET_FALLBACKS`, separated by
                commas.
            signer: Signs in place of `sign_secret`: takes a `SignRequest` and returns the text for the header
                `X-AIRudder-Sign`. It runs on a thread of its own, once for each time that a request is sent, several at
                a time when calls are. What it raises ends the call with a `ConfigurationError` before anything is sent.
                With `AsyncClient` it may also be an `async def`, which then runs in the event loop of its call. It says
                what the sign of an event has to be, too: the path is empty then, and `events.unwrap` asks it on the
                thread that it is called on, without awaiting anything.
            timeout: How long a whole call may take with all its retries, in seconds; 150 by default. A download counts
                to the head of its answer, unless the call itself is given a timeout.
            connect_timeout: How long a connection may take to come about, in seconds; 10 by default.
            read_timeout: How long the server may be silent, in seconds; 120 by default.
            max_retries: How often a call that may be repeated is repeated; 3 by default.
            proxy: A proxy for all connections: `http://`, `https://` or `socks5://`. `AIRUDDER_PROXY`, then the
                system's own setting.
            ca_certificate: A certificate authority to trust beside the public ones: PEM text, or the path of a PEM
                file. `AIRUDDER_CA_CERTIFICATE`. `SSL_CERT_FILE` and `SSL_CERT_DIR` are trusted, too.
            routes: Paths to use in place of the built-in ones, by operation:
                `{"tasks.call_by_id": "/service/cloud/callinfo"}`.
            max_response_bytes: The largest answer to take, in bytes; 64 MiB by default. Downloads have no limit.
            max_event_bytes: The largest event to take, in bytes as it comes over the wire; 1 MiB by default.
            max_event_age: How old an event may be that says when it was made, in seconds; any age by default. An event
                that AI Rudder sends again is the same with the same time, up to 5 minutes later. Most kinds of the
                Chatbot API say a time, few others do.
            verify_events: Whether the sign of events is checked; True by default. How AI Rudder computes it is assumed:
                over the body as it comes, as for requests. With False an event is taken as authentic whoever sent it:
                keep the URL secret then.
            require_signature: Whether an event without a signature is refused; by default, if `sign_secret` or `signer`
                is set and `verify_events` is not False. AI Rudder documents the signature for a few kinds only: with
                False, events without one are taken; keep the URL secret then.
            require_encryption: Whether an event that is not encrypted is refused; by default, if `encryption_key` is
                set. That AI Rudder encrypts events is assumed: with False, events in clear are taken; keep the URL
                secret then.

        Raises:
            ConfigurationError: A setting is missing or wrong.
        """
        settings: dict[str, object] = {
            "app_key": app_key,
            "app_secret": app_secret,
            "base_url": base_url,
            "allow_http": allow_http,
            "encryption_key": encryption_key,
            "encryption_key_fallbacks": encryption_key_fallbacks,
            "encryption_scheme": encryption_scheme,
            "encryption_iv": encryption_iv,
            "sign_key": sign_key,
            "sign_secret": sign_secret,
            "sign_secret_fallbacks": sign_secret_fallbacks,
            "signer": signer,
            "timeout": timeout,
            "connect_timeout": connect_timeout,
            "read_timeout": read_timeout,
            "max_retries": max_retries,
            "proxy": proxy,
            "ca_certificate": ca_certificate if ca_certificate is None else fspath(ca_certificate),
            "routes": routes if routes is None else dict(routes),
            "max_response_bytes": max_response_bytes,
            "max_event_bytes": max_event_bytes,
            "max_event_age": max_event_age,
            "verify_events": verify_events,
            "require_signature": require_signature,
            "require_encryption": require_encryption,
        }
        self._native = Native(settings)
