"""Products as a table: in, out, and in again; wrong rows are named, the others come in."""

import csv
import io
import zipfile
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.facts.models import Brand
from catalog.listing.models import ListedProduct
from catalog.models import Product, ProductAttribute, ProductAttributeValue
from catalog.partner.models import StockRecord
from catalog.pricing.models import PriceRecord
from shop.dashboard.goods import jobs, reading
from shop.dashboard.goods.checking import Planned
from shop.dashboard.goods.models import Job, JobState, Outcome
from shop.dashboard.goods.writing import planned_write
from supply.models import StockMovement
from tests.factories import (
    CategoryFactory,
    PartnerFactory,
    ProductClassFactory,
    ProductFactory,
    WarehouseFactory,
    option_attribute,
    product_with_variants,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01")]
HEAD = "sku,family,type,title_en,title_zh,brand,categories,status,price,stock,barcode,attr:colour"


@pytest.fixture(autouse=True)
def _shop(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        },
    }
    WarehouseFactory()
    PartnerFactory()
    ProductClassFactory()
    kitchen = CategoryFactory(name="Kitchen", slug="kitchen")
    CategoryFactory(parent=kitchen, name="Cups", slug="cups")
    Brand.objects.create(name_en="Still", slug="still")
    group = option_attribute("colour").option_group
    for name in ("Sage", "Rose"):
        group.options.create(option_en=name, option=name, code=f"colour-{name.lower()}")


def upload(client, data: bytes | str, name="goods.csv", key=None):
    data = data.encode() if isinstance(data, str) else data
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("dashboard:product-import"), {"file": file, "key": key or uuid4()})


def post(client, job, step, **others):
    address = reverse("dashboard:product-job", args=[job.pk])
    return client.post(address, {"step": step} | others, follow=True)


def checked(client, data, **others) -> Job:
    """As far as the report of what would happen."""
    answer = upload(client, data, **others)
    assert answer.status_code == 302, answer.context["form"].errors
    job = Job.objects.first()
    page = client.get(reverse("dashboard:product-job", args=[job.pk]))
    form = page.context["form"]
    post(client, job, "choose", **{name: form[name].value() for name in form.fields})
    jobs.job_move(pk=job.pk)
    job.refresh_from_db()
    return job


def run(client, job) -> Job:
    post(client, job, "run")
    jobs.job_move(pk=job.pk)
    job.refresh_from_db()
    return job


def outcomes(job) -> dict[int, str]:
    return dict(job.rows.values_list("number", "outcome"))


def test_rows_come_in_and_three_wrong_ones_are_named_by_row(office):
    client = office("Operations manager")
    rows = [
        HEAD,
        "CUP-1,,things,Cup,杯子,still,Kitchen > Cups,sale,12.50,7,4006381333931,",
        "BAD-1,,things,Bad,,nobody,,sale,1.00,,,",
        "SC-SAGE,SCARF,things,Scarf,围巾,,kitchen/cups,sale,30.00,2,,Sage",
        'BAD-2,,things,Bad,,,,sale,"1,2,3",,,',
        "SC-ROSE,SCARF,,,,,,,31.00,,,rose",
        "BAD-3,SCARF,,,,,,,31.00,,,blue",
    ]

    job = checked(client, "\n".join(rows))

    assert job.state == JobState.PLANNED
    assert outcomes(job) == {2: "new", 3: "wrong", 4: "new", 5: "wrong", 6: "new", 7: "wrong"}
    assert not Product.objects.exists()

    job = run(client, job)

    assert job.state == JobState.DONE
    cup = Product.objects.get(title_en="Cup")
    assert (cup.title_zh_hans, cup.upc, cup.is_public) == ("杯子", "4006381333931", True)
    assert cup.facts.brand.slug == "still"
    assert [one.slug for one in cup.categories.all()] == ["cups"]
    record = cup.stockrecords.get()
    assert (record.price, record.num_in_stock) == (Decimal("12.50"), 7)
    assert StockMovement.objects.get(stock_record=record).quantity == 7
    scarf = Product.objects.get(code="SCARF")
    assert sorted(one.title_en for one in scarf.children.all()) == ["Scarf – Rose", "Scarf – Sage"]
    assert {one.title_zh_hans for one in scarf.children.all()} == {"围巾（Rose）", "围巾（Sage）"}
    assert ListedProduct.objects.get(product=scarf).price == Decimal("30.00")
    assert PriceRecord.objects.filter(source=f"job:{job.pk}").count() == 3
    page = client.get(reverse("dashboard:product-job", args=[job.pk]), {"outcome": "wrong"})
    text = page.content.decode()
    for reason in ("There is no brand “nobody”.", "“1,2,3” is no price", "is no value of “Colour”"):
        assert reason in text, reason


def test_the_same_file_again_changes_nothing(office):
    client = office("Operations manager")
    table = "\n".join(
        [
            HEAD,
            "CUP-1,,things,Cup,杯子,still,Kitchen > Cups,draft,12.50,7,,",
            "SC-SAGE,SCARF,things,Scarf,围巾,,Kitchen,sale,30.00,2,,Sage",
        ]
    )
    run(client, checked(client, table))
    before = list(StockMovement.objects.values_list("pk"))

    job = checked(client, table)

    assert set(outcomes(job).values()) == {Outcome.SAME}
    run(client, job)
    assert Product.objects.count() == 3
    assert list(StockMovement.objects.values_list("pk")) == before


def test_an_upload_sent_twice_is_one_job(office):
    client, key = office("Product manager"), uuid4()

    upload(client, "sku,price\nA,1", key=key)
    upload(client, "sku,price\nA,1", key=key)

    assert Job.objects.count() == 1


def test_an_empty_cell_leaves_things_as_they_are_and_prices_follow(office):
    client = office("Product manager")
    family = product_with_variants(title_en="Scarf", price="10.00", colours={"sage": 4})
    sku = StockRecord.objects.get().partner_sku

    run(client, checked(client, f"SKU;Price;Title;Colour\n{sku};11,50;;"))

    assert StockRecord.objects.get().price == Decimal("11.50")
    family.refresh_from_db()
    assert family.title_en == "Scarf"
    assert ListedProduct.objects.get(product=family).price == Decimal("11.50")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_unchanged(office, kind):
    client = office("Operations manager")
    product_with_variants(
        title_en='=HYPERLINK("http://evil")',
        title_zh_hans="@围巾",
        colours={"sage": 4, "rose": 1},
        description_en="<p>Good, “soft”\nwool</p>",
    )
    ProductFactory(title_en="Cup", categories=[CategoryFactory(name="Tea")])
    Product.objects.filter(structure="child").update(title_en="Variant", title_zh_hans="款")

    answer = client.get(reverse("dashboard:product-export"), {"format": kind})
    data = b"".join(answer.streaming_content)

    if kind == "csv":
        cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    else:
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert not [c for row in book.active.iter_rows() for c in row if c.data_type == "f"]
        cells = [str(c.value or "") for row in book.active.iter_rows() for c in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
    job = checked(client, data, name=f"goods.{kind}")
    assert set(outcomes(job).values()) == {Outcome.SAME}, list(job.rows.values("message", "after"))


def test_the_export_holds_what_the_list_finds(office):
    client = office("Product manager")
    ProductFactory(title_en="Cup")
    ProductFactory(title_en="Spoon")

    answer = client.get(reverse("dashboard:product-export"), {"format": "csv", "q": "cup"})
    text = b"".join(answer.streaming_content).decode()

    assert "Cup" in text
    assert "Spoon" not in text


def test_who_does_not_book_stock_cannot_count_by_a_file(office):
    client = office("Product manager")
    product = ProductFactory(stock=3)
    sku = product.stockrecords.get().partner_sku

    job = checked(client, f"sku,stock\n{sku},99")

    assert outcomes(job) == {2: "wrong"}
    assert "booked by the warehouse" in job.rows.get().message


def test_units_that_orders_hold_are_not_counted_away(office):
    client = office("Operations manager")
    product = ProductFactory(stock=5)
    StockRecord.objects.update(num_allocated=3)

    job = checked(client, f"sku,stock\n{product.stockrecords.get().partner_sku},2")

    assert outcomes(job) == {2: "wrong"}
    assert "Orders hold 3 units" in job.rows.get().message


def test_a_sku_or_bar_code_that_stands_twice_is_said(office):
    client = office("Operations manager")
    table = "sku,type,title_en,price,barcode\nA,things,A,1,111\nA,things,B,2,\nC,things,C,3,111"

    job = run(client, checked(client, table))

    assert outcomes(job) == {2: "new", 3: "wrong", 4: "wrong"}
    assert Product.objects.count() == 1


def test_a_row_that_breaks_only_when_it_is_written_is_left_out_alone(office):
    client = office("Operations manager")
    table = "sku,type,title_en,price,barcode\nA,things,A,1,\nB,things,B,2,4006381333931"
    job = checked(client, table)
    ProductFactory(upc="4006381333931")

    run(client, job)

    assert outcomes(job) == {2: "new", 3: "wrong"}
    assert StockRecord.objects.filter(partner_sku="A").exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"sku,price\n", "There is no row in it"),
        (b"\x00\x01\x02\nx", "not a table of text"),
        (b"\xff\xfe\xfa\nx", "not UTF-8"),
        (b"PK\x03\x04nonsense", "cannot be read"),
    ],
)
def test_what_is_no_table_is_said_at_the_file(office, data, reason):
    answer = upload(office("Product manager"), data, name="goods.xlsx")

    assert answer.status_code == 422
    assert reason in str(answer.context["form"].errors["file"])
    assert not Job.objects.exists()


def bomb() -> bytes:
    """A spreadsheet of a few kilobytes that would unpack to much more than may be."""
    book = openpyxl.Workbook()
    book.active.append(["sku", "price"])
    book.active.append(["A", "1"])
    plain = io.BytesIO()
    book.save(plain)
    packed = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info, old.read(info))
        new.writestr("xl/more.xml", b"0" * (reading.MOST_UNPACKED + 1))
    return packed.getvalue()


def test_a_bomb_is_not_unpacked(office):
    data = bomb()
    assert len(data) < 1_000_000

    answer = upload(office("Product manager"), data, name="goods.xlsx")

    assert "too large when it is unpacked" in str(answer.context["form"].errors["file"])


def test_too_many_rows_are_told(office, monkeypatch):
    client = office("Product manager")
    monkeypatch.setattr("shop.dashboard.goods.reading.table_read.__kwdefaults__", {"rows": 3})

    job = checked(client, "sku,price\n" + "".join(f"A{n},1\n" for n in range(5)))

    assert job.state == JobState.NEW
    assert "At most 3 rows" in job.problem


def test_a_mapping_needs_the_sku_and_each_column_once(office):
    client = office("Product manager")
    upload(client, "what,which,price\nA,B,1")
    job = Job.objects.get()

    none = post(client, job, "choose", column_0="", column_1="", column_2="price")
    twice = post(client, job, "choose", column_0="sku", column_1="price", column_2="price")

    assert none.status_code == 422
    assert "One column must be the SKU" in none.content.decode()
    assert "Another column is this one already" in twice.content.decode()


def test_an_import_can_be_mapped_again_or_cancelled(office):
    client = office("Product manager")
    job = checked(client, "sku,price\nA,1")

    post(client, job, "again")
    assert Job.objects.get().state == JobState.NEW
    post(client, job, "cancel")
    assert Job.objects.get().state == JobState.CANCELLED
    assert "over already" in post(client, job, "run").content.decode()


def test_a_code_of_a_family_that_only_looks_like_a_key_is_a_code(office):
    client = office("Product manager")
    code = "family-123456789012345x"

    job = run(client, checked(client, f"sku,family,type,title_en,price\nA,{code},things,Cup,1"))

    assert outcomes(job) == {2: "new"}
    assert Product.objects.get(code=code).children.count() == 1


def test_a_sku_that_a_spreadsheet_takes_for_a_formula_is_found_again(office):
    client = office("Product manager")
    ProductFactory()
    StockRecord.objects.update(partner_sku="@CUP-1")

    answer = client.get(reverse("dashboard:product-export"), {"format": "csv"})
    data = b"".join(answer.streaming_content)

    assert "'@CUP-1" in data.decode()
    assert outcomes(checked(client, data)) == {2: "same"}


def test_whoever_reads_a_table_its_texts_are_the_english_ones(office):
    client = office("Product manager")
    product = ProductFactory()
    wool = ProductAttribute.objects.create(
        product_class=product.product_class, code="wool", name="Wool", type="text"
    )
    ProductAttributeValue.objects.create(
        product=product, attribute=wool, value_text_en="Lamb", value_text_zh_hans="羊"
    )
    job = checked(client, f"sku,attr:wool\n{product.stockrecords.get().partner_sku},Lamb")
    assert outcomes(job) == {2: "same"}

    post(client, job, "again")
    Job.objects.update(state=JobState.CHECKING, told=job.told | {"language": "zh-hans"})
    jobs.job_move(pk=job.pk)

    assert outcomes(job) == {2: "same"}


def test_a_number_that_is_nothing_goes_out_as_a_number(office):
    product = ProductFactory()
    holes = ProductAttribute.objects.create(
        product_class=product.product_class, code="holes", name="Holes", type="integer"
    )
    holes.save_value(product, 0)

    answer = office("Product manager").get(reverse("dashboard:product-export"), {"format": "csv"})
    lines = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))

    assert [line["attr:holes"] for line in lines] == ["0"]


def test_what_somebody_else_wrote_meanwhile_stays(office):
    product = ProductFactory(title_en="Cup", price="10.00")
    record = StockRecord.objects.select_related("product").get()
    row = Planned(
        sku=record.partner_sku,
        currency="EUR",
        record=record,
        product=record.product,
        family=record.product,
        texts={"title_en": "Mug"},
        low=3,
    )
    Product.objects.update(is_public=False, title_zh_hans="杯子")
    StockRecord.objects.update(price=Decimal("99.00"))

    planned_write([row], source="import:1", user=None)

    product.refresh_from_db()
    record.refresh_from_db()
    assert (product.title_en, product.title_zh_hans) == ("Mug", "杯子")
    assert product.is_public is False
    assert (record.price, record.low_stock_threshold) == (Decimal("99.00"), 3)


def repacked(change) -> bytes:
    """A spreadsheet of one product whose sheet ``change`` has rewritten."""
    book = openpyxl.Workbook()
    book.active.append(["sku", "price"])
    book.active.append(["A", "1"])
    plain = io.BytesIO()
    book.save(plain)
    packed = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, change(data) if "sheet1" in info.filename else data)
    return packed.getvalue()


def test_a_row_with_a_number_far_below_ends_the_reading(office):
    data = repacked(lambda sheet: sheet.replace(b'r="2"', b'r="2000000000"'))

    answer = upload(office("Product manager"), data, name="goods.xlsx")

    assert "At most 20000 rows" in str(answer.context["form"].errors["file"])


def damaged(data: bytes) -> bytes:
    """With nonsense where the packed sheet begins."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        name = "xl/worksheets/sheet1.xml"
        start = book.getinfo(name).header_offset + 30 + len(name)
    return data[:start] + b"\xff" * 40 + data[start + 40 :]


def locked(data: bytes) -> bytes:
    """With the mark of a password on every part."""
    return data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")


@pytest.mark.parametrize("spoil", [damaged, locked])
def test_a_spreadsheet_that_cannot_be_unpacked_is_said_at_the_file(office, spoil):
    whole = repacked(lambda sheet: sheet)
    data = spoil(whole)
    assert data != whole

    answer = upload(office("Product manager"), data, name="goods.xlsx")

    assert "cannot be read" in str(answer.context["form"].errors["file"])
