"""Files that are sent."""

from __future__ import annotations

import asyncio
import tempfile
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import airudder

if TYPE_CHECKING:
    from email.message import Message

    from fake import FakeServer

UPLOAD = "/api/v1/file/upload"
PHOTO = b"\x89PNG\r\n\x1a\n--boundary\r\n\x00"


@pytest.fixture
def uploads(server: FakeServer) -> FakeServer:
    server.answers[UPLOAD] = {"file_id": "f1", "origin_url": "https://example.com/photo.png", "size": len(PHOTO)}
    return server


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "photo.png"
    path.write_bytes(PHOTO)
    return path


def parts(server: FakeServer) -> dict[str, Message]:
    """The parts of the form that came last, by their names."""
    head = f"Content-Type: {server.last.headers['Content-Type']}\r\n\r\n".encode()
    form = message_from_bytes(head + server.last.body)
    assert form.get_content_type() == "multipart/form-data"
    found: Any = form.get_payload()
    return {str(part.get_param("name", header="content-disposition")): part for part in found}


@pytest.mark.parametrize(
    ("file", "name", "media_type"),
    [
        ("photo.png", "photo.png", "image/png"),
        (Path("photo.png"), "photo.png", "image/png"),
        (("front door.jpg", PHOTO), "front door.jpg", "image/jpeg"),
        (("note", bytearray(PHOTO)), "note", "application/octet-stream"),
        (PHOTO, "file", "application/octet-stream"),
        (bytearray(PHOTO), "file", "application/octet-stream"),
    ],
)
@pytest.mark.usefixtures("photo")
def test_a_file_is_a_path_or_bytes(
    client: airudder.Client, uploads: FakeServer, file: Any, name: str, media_type: str
) -> None:
    answer = client.chatbot.upload_file(file=file, channel_id="5001", file_type="image")
    assert answer.file_id == "f1"
    form = parts(uploads)
    assert form["file"].get_payload(decode=True) == PHOTO
    assert form["file"].get_filename() == name
    assert form["file"].get_content_type() == media_type
    assert form["channel_id"].get_payload() == "5001"
    assert form["type"].get_payload() == "image"


def test_asyncio_uploads(uploads: FakeServer, photo: Path) -> None:
    async def main() -> str | None:
        return (await airudder.AsyncClient(base_url=uploads.base_url).chatbot.upload_file(file=photo)).file_id

    assert asyncio.run(main()) == "f1"
    assert parts(uploads)["file"].get_payload(decode=True) == PHOTO


def test_large_files_are_sent_whole(client: airudder.Client, uploads: FakeServer) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(PHOTO * 500_000)
        file.flush()
        client.chatbot.upload_file(file=file.name)
    assert parts(uploads)["file"].get_payload(decode=True) == PHOTO * 500_000


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("/nowhere/Budi.png", "`file` cannot be read"),
        (tempfile.gettempdir(), "`file` is no file"),
        (5, "`file` must be a path, bytes, or a tuple of a file name and bytes"),
        (None, "`file` must be a path"),
        (("name", "text"), "`file` must be a path"),
        (("name", b"bytes", "more"), "`file` must be a path"),
        ((b"name", b"bytes"), "`file` must be a path"),
    ],
)
def test_what_is_no_file_is_refused(client: airudder.Client, uploads: FakeServer, file: Any, message: str) -> None:
    with pytest.raises(airudder.InvalidRequestError, match=message) as raised:
        client.chatbot.upload_file(file=file)
    assert "Budi" not in str(raised.value)
    assert uploads.requests == []
