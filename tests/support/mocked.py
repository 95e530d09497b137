"""moto as the tests use it: one session for the process, and without what takes a third of their time.

Nothing of what DynamoDB does is changed: texts and numbers are written, compared and copied as the values they are.
"""
from copy import deepcopy
from functools import cache, partial

from moto import mock_aws
from moto.core import responses
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

mocked = partial(mock_aws, config={"core": {"mock_credentials": True, "reset_boto3_session": False}})
"""mock_aws that keeps the session: a new one reads the models of all services again."""
SCALAR = {"S", "N", "BOOL", "NULL"}
by_shape, cast = ResponseSerializer._serialize_type_structure, DynamoType.cast_value.fget


def written(self, serialized, value, shape, key):
    """Write an attribute value as moto holds it, which is as DynamoDB writes it; what holds others, by its shape."""
    if shape.name == "AttributeValue" and isinstance(value, dict) and value.keys() <= SCALAR:
        self._default_serialize(serialized, value, shape, key)
    else:
        by_shape(self, serialized, value, shape, key)


def copied(self, memo):
    """Return a copy of an item; nobody changes a scalar, who writes puts another in its place."""
    made, attributes = Item.__new__(Item), LimitedSizeDict()
    dict.update(attributes, {name: value if value.type in SCALAR else deepcopy(value, memo)
                             for name, value in self.attrs.items()})
    made.hash_key, made.range_key, made.attrs = self.hash_key, self.range_key, attributes
    return made


ResponseSerializer._serialize_type_structure = written
responses.method_names_from_class = cache(responses.method_names_from_class)
DynamoType.cast_value = property(lambda self: self.value if self.type == "S" else cast(self))
Item.__deepcopy__ = copied
