"""The types and functions are those of the contract."""

import dataclasses
import pickle
import unittest

import generate
import wit

import psa_connector
from psa_connector import contract


class Generated(unittest.TestCase):
    def test_what_is_generated_is_current(self) -> None:
        for path, text in generate.generated().items():
            self.assertEqual(path.read_text("utf-8"), text, f"{path.name}: run tools/generate.py")

    def test_every_type_and_every_field_of_the_contract_is_there_with_its_text(self) -> None:
        types = [it for interface in wit.read(generate.CONTRACT) for it in interface.types]
        self.assertGreater(len(types), 50)
        for definition in types:
            found = getattr(psa_connector, generate.camel(definition.name))
            if definition.name == "body":
                continue
            self.assertIn(definition.docs[0], found.__doc__)
            if definition.kind == "record":
                names = [it.name for it in dataclasses.fields(found)]
                self.assertEqual(names, [generate.snake(it.name) for it in definition.members])
            if definition.kind == "enum":
                self.assertEqual([it.value for it in found], [it.name for it in definition.members])

    def test_values_go_to_json_and_back(self) -> None:
        draft = contract.TicketDraft(
            company_id="1", summary="s", severity=contract.Rating.HIGH, links=[contract.Link(label="l", url="u")]
        )
        json = psa_connector.to_json(draft)
        self.assertEqual(json["severity"], "high")
        self.assertEqual(json["links"], [{"label": "l", "url": "u"}])
        self.assertEqual(psa_connector.from_json(contract.TicketDraft, json), draft)
        self.assertEqual(psa_connector.from_json(contract.TicketDraft, {"company-id": "1", "summary": "s"}).links, [])
        for selection, expected in [
            (contract.TicketSelection.open_of_company("7"), {"open-of-company": "7"}),
            (contract.BoardSelection.all(), "all"),
            (contract.BoardSelection.only(["1"]), {"only": ["1"]}),
        ]:
            self.assertEqual(psa_connector.to_json(selection), expected)
            self.assertEqual(psa_connector.from_json(type(selection), expected), selection)

    def test_an_error_is_an_exception_that_says_what_to_do(self) -> None:
        error = contract.ConnectorError(code=contract.ErrorCode.FORBIDDEN, message="cannot", hint="grant it")
        self.assertEqual(str(error), "cannot (grant it)")
        self.assertEqual(error.code, "forbidden")
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((type(again), str(again), again.code), (type(error), str(error), error.code))

    def test_nothing_that_may_hold_a_key_is_shown(self) -> None:
        header = [("authorization", "s3cret")]
        for value in (
            contract.Setting(name="key", value="s3cret"),
            contract.Request(method="GET", url="https://a/", headers=header, body="s3cret"),
            contract.Response(status=200, headers=header, body="s3cret"),
        ):
            self.assertNotIn("s3cret", repr(value))


if __name__ == "__main__":
    unittest.main()
