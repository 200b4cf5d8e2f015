"""An answer about a message is kept with it, and never given for another one."""

import gc
import weakref

from dashboard.domain.message import Message
from dashboard.domain.remembering import remembered


class Counted:
    def __init__(self):
        self.asked = 0
        self.about = remembered(self._about)

    def _about(self, message, word=""):
        self.asked += 1
        return message.subject + word


class Answer:
    """Something whose end can be watched."""


def test_the_same_message_is_asked_once():
    counted, message = Counted(), Message(subject="one")

    assert [counted.about(message) for _ in range(3)] == ["one"] * 3
    assert counted.asked == 1


def test_an_equal_message_is_another_one():
    counted = Counted()
    counted.about(Message(subject="one"))
    counted.about(Message(subject="one"))

    assert counted.asked == 2


def test_another_question_has_another_answer():
    counted, message = Counted(), Message(subject="one")

    assert counted.about(message, "!") == "one!"
    assert counted.about(message, "?") == "one?"
    assert counted.about(message, "#") == "one#"


def test_answers_go_with_their_message():
    message = Message()
    answer = weakref.ref(remembered(lambda _: Answer())(message))
    assert answer() is not None

    del message
    gc.collect()

    assert answer() is None
