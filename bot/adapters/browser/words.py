"""The phone page's own words, in the reader's language."""

from __future__ import annotations

from handlers import text


def words(locale: str) -> dict[str, str]:
    """Every text that the page itself shows, by its key."""
    _ = text.translator(locale)
    return {
        "title": _("Bihuan · closed loop"),
        "messages": _("Messages"),
        "write": _("Write a message"),
        "send": _("Send"),
        "camera": _("Take a photo"),
        "gallery": _("Choose photos or a file"),
        "connecting": _("Connecting …"),
        "online": _("Connected"),
        "offline": _("No connection. What you send is kept and goes out by itself."),
        "sending": _("Sending …"),
        "refused": _("This could not be sent."),
        "large": _("This file is too large; at most 20 MB."),
        "lost": _("The phone did not keep this photo. Please take it again."),
        "you": _("You:"),
        "today": _("Today"),
        "earlier": _("Show earlier messages"),
        "tapped": _("You tapped: {label}"),
        "photo": _("Photo sent"),
        "file": _("File sent: {name}"),
        "removed": _("Removed from the chat"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "signin": _("Please sign in with a link."),
        "signin_hint": _(
            "Ask your administrator, or send /start in your messenger and open the link you get."
        ),
        "code_title": _("One more step: your authenticator"),
        "code_hint": _("Open the authenticator on your phone and type the 6 digits it shows for Bihuan."),
        "code_label": _("6 digits"),
        "code_go": _("Continue"),
        "offline_code": _("No connection. Please try again in a moment."),
        "dead": _("This link is used up or too old. Please ask for a new one."),
        "leave": _("Sign out"),
        "newest": _("Go to the newest message"),
        "larger": _("Show the picture larger"),
        "close": _("Close"),
        "menu": _("Menu"),
    }
