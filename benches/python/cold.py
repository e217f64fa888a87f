"""A program that imports one package and makes a client, and prints the most memory that it ever had, in kilobytes.

cold.py airudder|openai|stripe|twilio|bare

`bare` imports nothing: what the interpreter alone needs.
"""

import sys


def client(name: str) -> object:
    """A client that sends nothing."""
    # Only what is measured may be imported.
    match name:
        case "airudder":
            from airudder import Client

            return Client(app_key="key", app_secret="secret")
        case "openai":
            from openai import OpenAI

            return OpenAI(api_key="key")
        case "stripe":
            from stripe import StripeClient

            return StripeClient("sk_test_key")
        case "twilio":
            from twilio.rest import Client as TwilioClient

            return TwilioClient("AC00000000000000000000000000000000", "token")
        case _:
            return None


made = client(sys.argv[1])
with open("/proc/self/status") as status:  # noqa: PTH123 - pathlib takes memory, too
    print(status.read().partition("VmHWM:")[2].split()[0])
