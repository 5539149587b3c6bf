"""A question that people answer, as structured data. No queries."""

from typing import Any

from django.conf import settings

from catalog.seo.addresses import absolute
from catalog.seo.graph import Node


def qa_node(question: Any, *, path: str) -> Node:
    """The page of one question; the shop's answer, else the most helpful one, is the accepted one."""
    answers = list(question.shown_answers)
    if not answers:
        return {}
    asked: Node = {
        "@type": "Question",
        "name": question.text,
        "text": question.text,
        "answerCount": len(answers),
        "datePublished": question.created_at.date().isoformat(),
        "author": {"@type": "Person", "name": question.name or "–"},
        "acceptedAnswer": _answer(answers[0], path),
    }
    if others := [_answer(one, path) for one in answers[1:5]]:
        asked["suggestedAnswer"] = others
    return {"@type": "QAPage", "mainEntity": asked}


def _answer(answer: Any, path: str) -> Node:
    author: Node = {"@type": "Person", "name": answer.name or "–"}
    if answer.is_shop:
        author = {"@type": "Organization", "name": str(settings.OSCAR_SHOP_NAME)}
    return {
        "@type": "Answer",
        "text": answer.text,
        "upvoteCount": answer.helpful,
        "url": f"{absolute(path)}#answer-{answer.pk}",
        "datePublished": answer.created_at.date().isoformat(),
        "author": author,
    }
