"""Recall@10 of every recommender on held-out orders of the demo, those of `implicit` beside ours.

``implicit`` (Frederickson) is a development dependency: the shop itself does not need it.
"""

import os
from collections.abc import Callable, Sequence

ROUNDS = 3  # of what draws lots; the table gives the mean
FACTORS = 64

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # implicit warns and slows down otherwise


def run(*, size: str, seed: int) -> str:
    """Load the demo, measure, and give the table of docs/recommendations.md."""
    from django.core.management import call_command
    from django.utils import timezone

    from catalog.recommend.evaluation import content_neighbours, split_make
    from catalog.recommend.history import purchases_of
    from catalog.recommend.settings import HISTORY
    from catalog.sales import sales

    call_command("demo", size=size, seed=seed)
    split = split_make(purchases_of(sales().lines(since=timezone.now() - HISTORY)))
    return table(split, content_neighbours())


def table(split, content) -> str:
    """The lines, the best recall first, under what they were measured on."""
    from catalog.recommend.evaluation import figure_make, own_recommenders

    figures = [
        figure_make(name, build, split.cases)
        for name, build in own_recommenders(split, content).items()
    ]
    figures += [_mean(name, builds, split) for name, builds in _implicit(split).items()]
    figures.sort(key=lambda one: -one.recall)
    head = (
        f"{len(split.train):,} orders to learn from, cut {split.cut:%Y-%m-%d}; "
        f"{len(split.cases):,} buyers with a held-out order\n\n"
        "| recommender | recall@10 | buyers with a hit | seconds |\n| --- | --- | --- | --- |\n"
    )
    return head + "\n".join(
        f"| {one.name} | {one.recall:.2%} | {one.hits:.2%} | {one.seconds:.1f} |" for one in figures
    )


def _mean(name: str, builds: Sequence[Callable], split):
    from catalog.recommend.evaluation import Figure, figure_make

    rounds = [figure_make(name, build, split.cases) for build in builds]
    return Figure(
        name=name,
        recall=sum(one.recall for one in rounds) / len(rounds),
        hits=sum(one.hits for one in rounds) / len(rounds),
        seconds=sum(one.seconds for one in rounds) / len(rounds),
    )


def _implicit(split) -> dict[str, list[Callable]]:
    """By name: builders of implicit's models, several where chance takes part."""
    import numpy as np
    from implicit.als import AlternatingLeastSquares
    from implicit.bpr import BayesianPersonalizedRanking
    from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
    from scipy.sparse import csr_matrix

    from catalog.recommend.evaluation import AT
    from catalog.recommend.history import bought_by

    histories = bought_by(split.train)
    buyers = {buyer: row for row, buyer in enumerate(histories)}
    families = sorted({family for own in histories.values() for family in own})
    columns = {family: column for column, family in enumerate(families)}
    pairs = [(buyers[b], columns[family]) for b, own in histories.items() for family in own]
    rows, places = zip(*pairs, strict=True)
    matrix = csr_matrix(
        (np.ones(len(rows), dtype=np.float32), (rows, places)), shape=(len(buyers), len(families))
    )

    def builder(make: Callable) -> Callable:
        def build():
            model = make()
            model.fit(matrix, show_progress=False)

            def recommend(buyer: str, _history: Sequence[int]) -> list[int]:
                row = buyers[buyer]
                ids, _scores = model.recommend(row, matrix[row], N=AT)
                return [families[place] for place in ids if place >= 0]

            return recommend

        return build

    def drawn(model: type, **settings: object) -> list[Callable]:
        return [
            builder(lambda seed=seed: model(random_state=seed, num_threads=2, **settings))
            for seed in range(ROUNDS)
        ]

    return {
        "implicit ALS, 64 factors": drawn(
            AlternatingLeastSquares, factors=FACTORS, regularization=0.1, iterations=20
        ),
        "implicit ALS, 16 factors": drawn(
            AlternatingLeastSquares, factors=16, regularization=1.0, iterations=20
        ),
        "implicit BPR, 64 factors": drawn(
            BayesianPersonalizedRanking, factors=FACTORS, iterations=150
        ),
        "implicit item-item BM25": [builder(lambda: BM25Recommender(K=100, num_threads=2))],
        "implicit item-item cosine": [builder(lambda: CosineRecommender(K=100, num_threads=2))],
        "implicit item-item tf-idf": [builder(lambda: TFIDFRecommender(K=100, num_threads=2))],
    }
