"""What happens around reviews: votes, photos, replies, questions, and a queue with something in it."""

import datetime as dt
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from catalog.models import Product
from catalog.opinions.models import (
    Action,
    Answer,
    AnswerVote,
    HistoryEntry,
    Kind,
    Question,
    Reason,
    Report,
    ReviewDetail,
    State,
)
from catalog.opinions.texts import signature
from catalog.reviews.models import ProductReview, Vote
from crm.accounts import roles
from crm.accounts.models import User
from shop.core.bulk import rows_update
from shop.demo.catalogue import DATA, Catalogue
from shop.demo.loader.bulk import bulk, dates_as_given
from shop.demo.loader.products import Shelved
from shop.demo.loader.reviews import LANGUAGES, Buyers

VOTED, HELPFUL = 0.45, 0.86  # share of reviews with votes; of votes that say yes
VOTES_AT_MOST = 14
REPLIED = {1: 0.9, 2: 0.7, 3: 0.45, 4: 0.08, 5: 0.05}
REPORTED = 3
OPEN = 0.05  # questions that nobody has answered yet


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    with (DATA / "questions.toml").open("rb") as source:
        return tomllib.load(source)


def opinions_load(
    catalogue: Catalogue,
    shelved: Shelved,
    buyers: Buyers,
    *,
    accounts: dict[str, User],
    now: dt.datetime,
    rng: random.Random,
) -> None:
    """Everything but the reviews themselves, which `reviews_load` wrote."""
    own = random.Random(rng.getrandbits(64))
    people = list(User.objects.filter(is_staff=False).order_by("pk")[:600])
    told = _Opinions(people, accounts, now, own)
    reviews = list(ProductReview.objects.select_related("detail").order_by("pk"))
    told.votes(reviews)
    told.replies(reviews)
    told.questions(catalogue, shelved, buyers)
    told.waiting(catalogue, shelved, buyers)
    told.story(reviews)
    told.reports(reviews)


class _Opinions:
    def __init__(
        self, people: list[User], accounts: dict[str, User], now: dt.datetime, rng: random.Random
    ) -> None:
        self.people, self.now, self.rng = people, now, rng
        self.agent = accounts[roles.AGENT]
        self.moderator = accounts[roles.PRODUCT_MANAGER]
        self.entries: list[HistoryEntry] = []

    def votes(self, reviews: list[ProductReview]) -> None:
        votes, voted = [], []
        for review in reviews:
            if self.rng.random() > VOTED:
                continue
            count = min(1 + int(self.rng.expovariate(0.35)), VOTES_AT_MOST, len(self.people))
            voters = [
                one for one in self.rng.sample(self.people, count) if one.pk != review.user_id
            ]
            deltas = [1 if self.rng.random() < HELPFUL else -1 for _ in voters]
            votes += [
                Vote(review=review, user=one, delta=delta)
                for one, delta in zip(voters, deltas, strict=True)
            ]
            review.total_votes, review.delta_votes = len(deltas), sum(deltas)
            voted.append(review)
        bulk(votes)
        rows_update(voted, ["total_votes", "delta_votes"])

    def replies(self, reviews: list[ProductReview]) -> None:
        replied = []
        said: set[tuple[int, str]] = set()  # nobody reads the same words twice on a page
        for review in reviews:
            detail = review.detail
            if self.rng.random() > REPLIED[review.score]:
                continue
            key = "zh" if detail.language == "zh-hans" else "en"
            fitting = [
                text
                for least, most, text in _words()["replies"][key]
                if least <= review.score <= most and (review.product_id, text) not in said
            ]
            if not fitting:
                continue
            detail.reply, detail.replied_by = self.rng.choice(fitting), self.agent
            said.add((review.product_id, detail.reply))
            after = dt.timedelta(hours=self.rng.uniform(3, 50))
            detail.replied_at = min(review.date_created + after, self.now)
            replied.append(detail)
            self._note(Kind.REVIEW, review, Action.REPLIED, detail.replied_at, self.agent)
        fields = ["reply", "replied_at", "replied_by"]
        rows_update(replied, fields)

    def questions(self, catalogue: Catalogue, shelved: Shelved, buyers: Buyers) -> None:
        """One to four for most goods, answered by the shop, by buyers, by both or not yet."""
        rows: list[tuple[Question, str, str]] = []
        for good in catalogue.goods:
            count = self.rng.randint(2, 4) if good.featured else self.rng.choice((0, 0, 1, 1, 2))
            used: set[str] = set()
            for _ in range(count):
                key = "zh" if self.rng.random() < 0.4 else "en"
                fitting = [
                    row
                    for row in _words()[key]
                    if row[0] in ("any", good.department) and row[1] not in used
                ]
                weights = [1 if row[0] == "any" else 4 for row in fitting]
                _fits, text, by_shop, by_buyer = self.rng.choices(fitting, weights)[0]
                used.add(text)
                rows.append(
                    (self._question(shelved.products[good.key], key, text), by_shop, by_buyer)
                )
        with dates_as_given((Question, "created_at"), (Answer, "created_at")):
            bulk([question for question, _shop, _buyer in rows])
            answers = bulk(self._answers(rows, buyers))
        for question, _shop, _buyer in rows:
            self._note(
                Kind.QUESTION, question, Action.WRITTEN, question.created_at, question.author
            )
            read_at = question.created_at + dt.timedelta(hours=self.rng.uniform(1, 20))
            self._note(Kind.QUESTION, question, Action.APPROVED, read_at, self.moderator)
        votes = []
        for answer in answers:
            count = min(int(self.rng.expovariate(0.6)), len(self.people))
            voters = self.rng.sample(self.people, min(count, 9))
            votes += [AnswerVote(answer=answer, user=u) for u in voters if u.pk != answer.author_id]
        bulk(votes)

    def _question(self, product: Product, key: str, text: str) -> Question:
        asker = self._person(LANGUAGES[key])
        return Question(
            product=product,
            author=asker,
            name=signature(asker.first_name, asker.last_name),
            language=LANGUAGES[key],
            text=text,
            state=State.APPROVED,
            created_at=self.now - dt.timedelta(days=2 + self.rng.random() ** 2 * 300),
        )

    def _answers(
        self, rows: Iterable[tuple[Question, str, str]], buyers: Buyers
    ) -> Iterable[Answer]:
        for question, by_shop, by_buyer in rows:
            if self.rng.random() < OPEN:
                continue  # still open
            facts = {
                "question": question,
                "language": question.language,
                "state": State.APPROVED,
            }
            after = dt.timedelta(hours=self.rng.uniform(2, 40))
            if by_shop:
                yield Answer(
                    **facts,
                    text=by_shop,
                    is_shop=True,
                    author=self.agent,
                    created_at=question.created_at + after,
                )
            owner = buyers.take(
                question.product_id, question.language, before=question.created_at, rng=self.rng
            )
            member = None if owner else self._person(question.language)
            if by_buyer and (owner or member != question.author):
                first, last = (
                    (owner.first_name, owner.last_name)
                    if owner
                    else (member.first_name, member.last_name)
                )
                yield Answer(
                    **facts,
                    text=by_buyer,
                    author_id=owner.user_id if owner else member.pk,
                    name=signature(first, last),
                    is_verified=owner is not None,
                    created_at=min(question.created_at + after * 2, self.now),
                )

    def waiting(self, catalogue: Catalogue, shelved: Shelved, buyers: Buyers) -> None:
        """What came in last night: some fine, some not."""
        waiting = _words()["waiting"]
        products = [shelved.products[good.key] for good in catalogue.goods if good.featured]
        picked = self.rng.sample(products, min(12, len(products)))
        reviews, details = [], []
        taken = set(
            ProductReview.objects.filter(product__in=picked).values_list("product_id", "user_id")
        )
        for place, (key, score, title, text) in enumerate(waiting["reviews"]):
            product = picked[place % len(picked)]
            buyer = buyers.take(product.pk, LANGUAGES[key], before=self.now, rng=self.rng)
            writer = None if buyer else self._person(LANGUAGES[key])
            user_id = buyer.user_id if buyer else writer.pk
            if (product.pk, user_id) in taken:
                continue
            taken.add((product.pk, user_id))
            names = buyer or writer
            review = ProductReview(
                product=product,
                user_id=user_id,
                score=score,
                title=title,
                body=text,
                name=signature(names.first_name, names.last_name),
                status=State.PENDING,
                date_created=self._last_night(),
            )
            reviews.append(review)
            details.append(
                ReviewDetail(
                    review=review,
                    language=LANGUAGES[key],
                    is_verified=buyer is not None,
                    variant_id=buyer.variant_id if buyer else None,
                )
            )
        questions = []
        for place, (key, text) in enumerate(waiting["questions"]):
            question = self._question(picked[-1 - place % len(picked)], key, text)
            question.state, question.created_at = State.PENDING, self._last_night()
            questions.append(question)
        answers = []
        for key, asked, text in waiting["answers"]:
            same = Question.objects.filter(state=State.APPROVED, text=asked)
            question = same.order_by("-created_at", "pk").first()
            if question is None:
                continue
            member = self._person(LANGUAGES[key])
            answers.append(
                Answer(
                    question=question,
                    author=member,
                    name=signature(member.first_name, member.last_name),
                    language=LANGUAGES[key],
                    text=text,
                    created_at=self._last_night(),
                )
            )
        with dates_as_given(
            (ProductReview, "date_created"), (Question, "created_at"), (Answer, "created_at")
        ):
            bulk(reviews)
            bulk(details)
            bulk(questions)
            bulk(answers)
        for kind, rows in ((Kind.QUESTION, questions), (Kind.ANSWER, answers)):
            for row in rows:
                self._note(kind, row, Action.WRITTEN, row.created_at, row.author)

    def reports(self, reviews: list[ProductReview]) -> None:
        """Readers complain about a few bad marks, mostly without a reason to."""
        bad = [review for review in reviews if review.score <= 2][:REPORTED]
        rows = []
        for review, reason in zip(
            bad, (Reason.FALSE, Reason.OFF_TOPIC, Reason.OTHER), strict=False
        ):
            reader = self._person(review.detail.language)
            rows.append(
                Report(kind=Kind.REVIEW, object_id=review.pk, reporter=reader, reason=reason)
            )
        bulk(rows)

    def story(self, reviews: list[ProductReview]) -> None:
        """When each review was written and who let it through."""
        for review in reviews:
            self._note(Kind.REVIEW, review, Action.WRITTEN, review.date_created, None)
            read_at = review.date_created + dt.timedelta(hours=self.rng.uniform(0.5, 22))
            self._note(Kind.REVIEW, review, Action.APPROVED, read_at, self.moderator)
        with dates_as_given((HistoryEntry, "at")):
            bulk(self.entries)

    def _note(self, kind: Kind, row: Any, action: Action, at: dt.datetime, actor: Any) -> None:
        self.entries.append(
            HistoryEntry(
                kind=kind, object_id=row.pk, action=action, actor=actor, at=min(at, self.now)
            )
        )

    def _person(self, language: str) -> User:
        by_language: dict[bool, list[User]] = defaultdict(list)
        for one in self.people:
            by_language[one.language == "zh-hans"].append(one)
        return self.rng.choice(by_language[language == "zh-hans"] or self.people)

    def _last_night(self) -> dt.datetime:
        return self.now - dt.timedelta(hours=self.rng.uniform(0.5, 16))
