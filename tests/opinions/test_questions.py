"""Questions and answers: asked by anybody, answered by the shop and by those who know."""

import pytest
from django.test import Client

from catalog.opinions.models import Answer, AnswerVote, Question, State
from catalog.opinions.services.moderation import decide
from catalog.opinions.services.questions import answer_by_shop, answer_write, question_ask
from shop.core.models import Mail
from tests.factories import UserFactory
from tests.opinions.support import address, buyer_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.23")]

ASKED = {"text": "Does it survive a dishwasher?"}
GUEST = {**ASKED, "name": "Hannah Kraus", "email": "hannah@example.com"}


def asked_about(product, **kwargs) -> Question:
    question = question_ask(product=product, text=ASKED["text"], **kwargs)
    Question.objects.filter(pk=question.pk).update(state=State.APPROVED)
    return Question.objects.get(pk=question.pk)


def approve(kind: str, row) -> None:
    decide(kind=kind, pk=row.pk, state=State.APPROVED, seen=State.PENDING, actor=UserFactory())


def test_a_guest_asks_and_waits_to_be_read(client, product):
    answer = client.post(address(product, "questions-list"), GUEST)

    question = Question.objects.get()
    assert answer.status_code == 302
    assert (question.name, question.email, question.author) == (
        "Hannah K.",
        "hannah@example.com",
        None,
    )
    assert question.state == State.PENDING
    page = client.get(address(product, "questions-list")).content.decode()
    assert ASKED["text"] not in page
    assert client.get(address(product, "question-detail", pk=question.pk)).status_code == 404


def test_a_guest_says_where_the_answer_goes(client, product):
    answer = client.post(address(product, "questions-list"), ASKED, headers={"HX-Request": "true"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert ASKED["text"] in html
    assert "<html" not in html
    assert not Question.objects.exists()


def test_the_same_words_are_one_question_and_one_answer(client, product):
    for _ in range(2):
        client.post(address(product, "questions-list"), GUEST)
    question = Question.objects.get()
    actor = UserFactory()

    one, other = (
        answer_by_shop(actor=actor, question_id=question.pk, text="It does.") for _ in range(2)
    )

    assert one == other
    assert Mail.objects.filter(kind="question_answered").count() == 1


def test_asking_is_slowed_down(client, product):
    url = address(product, "questions-list")

    answers = [
        client.post(url, {**GUEST, "text": f"Question number {n}?"}).status_code for n in range(6)
    ]

    assert answers == [302] * 5 + [429]
    assert Question.objects.count() == 5


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "An answer to your question about"), ("zh-hans", "Thing")],
)
def test_the_asker_gets_a_mail_in_their_language(product, language, subject):
    asker = UserFactory(language=language)
    question = question_ask(product=product, text=ASKED["text"], user=asker)

    answer_by_shop(actor=UserFactory(is_staff=True), question_id=question.pk, text="It does.")

    mail = Mail.objects.get(kind="question_answered")
    question.refresh_from_db()
    assert question.state == State.APPROVED
    assert (mail.to, mail.language) == (asker.email, language)
    assert subject in mail.subject
    assert "It does." in mail.text
    assert address(product, "questions-list").removeprefix("/zh-hans") in mail.text


def test_answers_of_buyers_are_marked_and_read_first(client, product):
    question = asked_about(product)
    buyer, reader = buyer_of(product), UserFactory()

    bought = answer_write(user=buyer, question_id=question.pk, text="Mine did, for a year.")
    read = answer_write(user=reader, question_id=question.pk, text="I think so.")

    assert (bought.is_verified, read.is_verified) == (True, False)
    url = address(product, "question-detail", pk=question.pk)
    assert "Mine did" not in client.get(url).content.decode()
    approve("answer", bought)
    html = client.get(url).content.decode()
    assert "Mine did" in html
    assert "Verified purchase" in html
    assert "I think so" not in html


def test_members_answer_and_strangers_sign_in(member, product):
    question = asked_about(product)
    url = address(product, "question-detail", pk=question.pk)

    stranger = Client().post(url, {"text": "Yes"})
    empty = member.post(url, {"text": " "})
    answered = member.post(url, {"text": "Yes"})

    assert "/login/" in stranger["Location"]
    assert (empty.status_code, answered.status_code) == (422, 302)
    assert Answer.objects.get().state == State.PENDING


def test_helpful_answers_count_each_member_once(member, user, product):
    question = asked_about(product)
    other = answer_by_shop(actor=UserFactory(), question_id=question.pk, text="Yes")
    own = answer_write(user=user, question_id=question.pk, text="Yes")
    approve("answer", own)

    for _ in range(2):
        member.post(address(product, "answer-vote", pk=other.pk), {"helpful": "1"})

    assert AnswerVote.objects.count() == 1
    refused = member.post(address(product, "answer-vote", pk=own.pk), {"helpful": "1"})
    assert refused.status_code == 409
    member.post(address(product, "answer-vote", pk=other.pk), {"helpful": "0"})
    assert not AnswerVote.objects.exists()


def test_search_looks_into_questions_and_answers(client, product):
    asked = asked_about(product)
    answer_by_shop(actor=UserFactory(), question_id=asked.pk, text="Up to sixty degrees.")
    url = address(product, "questions-list")

    def found(query: str) -> int:
        return len(client.get(url, {"q": query}).context["questions"])

    assert [found(word) for word in ("DISHWASHER", "sixty", "microwave", "")] == [1, 1, 0, 1]
    assert "Nobody asked that yet" in client.get(url, {"q": "microwave"}).content.decode()
