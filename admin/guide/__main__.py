"""`make guide`: writes the guide and the schema anew."""

from admin.guide.files import FILES


def main() -> None:
    """Replaces what is there."""
    for path, text in FILES.items():
        path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
