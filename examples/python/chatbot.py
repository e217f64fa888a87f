"""A chat: a user writes, the robot answers with a list, an agent takes over and sends a picture and two buttons.

Run it against the emulator; to AI Rudder itself set `AIRUDDER_SIGN_KEY` and `AIRUDDER_SIGN_SECRET`, too:

    AIRUDDER_BASE_URL=http://127.0.0.1:8181 python chatbot.py
"""

import time

from airudder import Client
from airudder.models import (
    ButtonInteractive,
    ImageContent,
    InteractiveContent,
    ListInteractive,
    MessageContent,
    TextContent,
)

CHAT = "chat-1"
PIXEL = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;"


def shown(content: MessageContent | None) -> str:
    match content:
        case TextContent(text=text):
            return str(text)
        case ImageContent():
            return "[a picture]"
        case InteractiveContent(interactive=ListInteractive(action=action)) if action:
            return "choose " + ", ".join(str(row.title) for section in action.sections for row in section.rows)
        case InteractiveContent(interactive=ButtonInteractive(body=body, action=action)) if body and action:
            return f"{body.text} " + " or ".join(str(button.reply.title) for button in action.buttons if button.reply)
        case _:
            # There may be types that this version does not know; their fields are in `extra`.
            return f"[{content.content_type if content else 'nothing'}]"


def main() -> None:
    with Client() as client:
        chatbot = client.chatbot

        def user_says(text: str) -> None:
            chatbot.bot_user_message(
                call_id=CHAT,
                channel_id="5003",
                user={"id": "u-1", "name": "Ani"},
                messages=[{"content": {"content_type": "text", "text": text}}],
            )

        user_says("menu")
        while chatbot.messages(call_id=CHAT, size=1).messages[0].sender_type != "robot":
            time.sleep(0.1)
        user_says("agent")
        while next(chatbot.sessions_all(size=1)).status != "waiting":
            time.sleep(0.1)
        chatbot.transfer_result(call_id=CHAT, result="success", seat_id="2041")

        # From the disk it would be `file="picture.gif"`.
        picture = chatbot.upload_file(file=("picture.gif", PIXEL))
        chatbot.send_message(
            call_id=CHAT,
            messages=[
                {"content": {"content_type": "text", "text": "This one?"}},
                {"content": {"content_type": "image", "media": {"origin_url": picture.origin_url}}},
                {
                    "content": {
                        "content_type": "interactive",
                        "interactive": {
                            "interactive_type": "button",
                            "body": {"text": "Shall we send it?"},
                            "action": {
                                "buttons": [
                                    {"button_type": "reply", "reply": {"id": "yes", "title": "Yes"}},
                                    {"button_type": "reply", "reply": {"id": "no", "title": "No"}},
                                ]
                            },
                        },
                    }
                },
            ],
        )

        # Newest first, page by page.
        for message in chatbot.messages_all(call_id=CHAT, size=3):
            print(f"{message.sender_type}: {shown(message.content)}")
        chatbot.end_session(call_id=CHAT)


if __name__ == "__main__":
    main()
