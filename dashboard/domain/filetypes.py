"""What a file is by its content, whatever its name or declared type says."""

import re

HTML = "text/html"
SVG = "image/svg+xml"
ZIP = "application/zip"
MESSAGE = "message/rfc822"
CALENDAR = "text/calendar"

_HEAD = 4096

# Magic numbers at the start of the file; the first that fits decides.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"MSCF", "application/vnd.ms-cab-compressed"),
    (b"ITSF", "application/vnd.ms-htmlhelp"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"{\\rt", "application/rtf"),
    (
        b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3",
        "application/onenote",
    ),
    (b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (b"BEGIN:VCALENDAR", CALENDAR),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"-----BEGIN PGP", "application/pgp-encrypted"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"PK\x05\x06", ZIP),
)
# Inside a zip: the name of a member tells which kind of document it is.
_MEMBERS: tuple[tuple[bytes, str], ...] = (
    (
        b"word/",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (
        b"ppt/",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"mimetypeapplication/vnd.oasis", "application/vnd.oasis.opendocument.text"),
    (b"mimetypeapplication/epub", "application/epub+zip"),
)
_SHEBANG = re.compile(rb"#!\s*/\S{0,100}")
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|iframe|table|div|center"
    rb"|form|style|img|svg|h1|p|a)[\s>/]",
    re.IGNORECASE,
)
_HEADER = re.compile(
    rb"(?:received|return-path|from|to|subject|date|message-id|mime-version"
    rb"|delivered-to|dkim-signature):[ \t]*\S",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    rb"(?i)\b(?:WScript\.|ActiveXObject|CreateObject\s*\(|powershell(?:\.exe)?\s+-"
    rb"|@echo off|cmd(?:\.exe)?\s+/c|New-Object\s|Invoke-Expression)"
)


def detect(content: bytes) -> str:
    """The media type by content; empty when nothing is recognised."""
    if content.startswith(b"PK\x03\x04"):
        return _zip(content)
    for magic, media_type in _MAGIC:
        # two letters also begin words: what follows them must look binary
        if content.startswith(magic) and (len(magic) > 2 or b"\x00" in content[:64]):
            return media_type
    return _deep(content) or _text(content)


def _zip(content: bytes) -> str:
    head, tail = content[:_HEAD], content[-65_536:]
    for member, media_type in _MEMBERS:
        if member in head or member in tail:
            return media_type
    return ZIP


def _deep(content: bytes) -> str:
    """Formats whose mark stands behind other bytes."""
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(
            content[8:12], "video/avi"
        )
    if content[4:8] == b"ftyp":
        return "image/heic" if content[8:11] in (b"hei", b"mif") else "video/mp4"
    if content[32_769:32_774] == b"CD001":
        return "application/x-iso9660-image"
    if content[-512:-504] == b"conectix":
        return "application/x-vhd"
    if content[:8] == b"vhdxfile":
        return "application/x-vhdx"
    if content[257:262] == b"ustar":
        return "application/x-tar"
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    return ""


def _text(content: bytes) -> str:
    """Formats that are text: markup, messages, scripts."""
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = content[2 : 2 * _HEAD].replace(b"\x00", b"").lstrip()
    if _SHEBANG.match(head):
        return "text/x-script"
    if head[:5].lower() == b"<?xml" or head[:4] == b"<svg":
        return _xml(head)
    if _MARKUP.search(head[:1024]):
        return HTML
    if _HEADER.match(head):
        return MESSAGE
    if _SCRIPT.search(head):
        return "text/x-script"
    return "" if b"\x00" in head or not head else _plain(head)


def _xml(head: bytes) -> str:
    if b"<svg" in head.lower():
        return SVG
    return HTML if b"<html" in head.lower() else "text/xml"


def _plain(head: bytes) -> str:
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head[:512])
    return "" if odd else "text/plain"
