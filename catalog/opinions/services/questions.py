"""Asking and answering."""

from typing import Any

from django.db import transaction

from catalog.models import Product
from catalog.opinions.exceptions import OwnOpinion
from catalog.opinions.locks import opinion_lock, product_lock
from catalog.opinions.mails import question_answered_queue
from catalog.opinions.models import Action, Answer, AnswerVote, Kind, Question, State
from catalog.opinions.services.story import note
from catalog.opinions.texts import guest_signature, language_of, signature
from catalog.sales import sales


@transaction.atomic
def question_ask(
    *, product: Product, text: str, user: Any = None, name: str = "", email: str = ""
) -> Question:
    """Ask about ``product``, a family. Guests leave ``name`` and ``email``; it waits to be read.

    The same words of the same person are one question, however often they are sent.
    """
    product_lock(product.pk)
    mine = {"author": user} if user else {"author": None, "email": email}
    same = Question.objects.filter(product=product, text=text, **mine).first()
    if same:
        return same
    question = Question.objects.create(
        product=product,
        author=user,
        name=signature(user.first_name, user.last_name) if user else guest_signature(name),
        email="" if user else email,
        language=language_of(text),
        text=text,
    )
    note(Kind.QUESTION, question.pk, Action.WRITTEN, actor=user)
    return question


@transaction.atomic
def answer_write(*, user: Any, question_id: int, text: str) -> Answer:
    """A member answers; it waits to be read. Raises ``DoesNotExist`` unless the question is shown."""
    question = opinion_lock(Kind.QUESTION, question_id)
    if question.state != State.APPROVED:
        raise Question.DoesNotExist
    same = question.answers.filter(author=user, text=text).first()
    if same:
        return same
    answer = Answer.objects.create(
        question=question,
        author=user,
        name=signature(user.first_name, user.last_name),
        is_verified=sales().has_bought(user_id=user.pk, family_id=question.product_id),
        language=language_of(text),
        text=text,
    )
    note(Kind.ANSWER, answer.pk, Action.WRITTEN, actor=user)
    return answer


@transaction.atomic
def answer_by_shop(*, actor: Any, question_id: int, text: str) -> Answer:
    """The shop answers, and so shows the question. Its asker gets a mail."""
    question = opinion_lock(Kind.QUESTION, question_id)
    same = question.answers.filter(is_shop=True, text=text).first()
    if same:
        return same
    answer = Answer.objects.create(
        question=question,
        author=actor,
        is_shop=True,
        language=language_of(text),
        text=text,
        state=State.APPROVED,
    )
    if question.state != State.APPROVED:
        question.state = State.APPROVED
        question.save(update_fields=["state"])
        note(Kind.QUESTION, question.pk, Action.APPROVED, actor=actor)
    note(Kind.QUESTION, question.pk, Action.REPLIED, actor=actor)
    question_answered_queue(answer)
    return answer


@transaction.atomic
def answer_vote(*, user: Any, answer_id: int, helpful: bool) -> Answer:
    """One vote per member; saying it twice changes nothing.

    Raises ``OwnOpinion``, and ``DoesNotExist`` for an answer that is not shown.
    """
    shown = Answer.objects.select_related("question__product")
    answer = shown.get(pk=answer_id, state=State.APPROVED, question__state=State.APPROVED)
    if answer.author_id == user.pk:
        raise OwnOpinion
    if helpful:
        AnswerVote.objects.get_or_create(answer=answer, user=user)
    else:
        AnswerVote.objects.filter(answer=answer, user=user).delete()
    return answer
