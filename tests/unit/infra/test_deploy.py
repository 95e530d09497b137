"""How a stack is brought to AWS, against a CloudFormation that only answers."""
import pytest
from botocore.exceptions import ClientError

from infra.deploy import change


class Cloud:
    """CloudFormation with one stack, which is there or not; what it is asked is kept."""

    def __init__(self, status):
        self.status, self.asked = status, {}

    def get_template_summary(self, **_):
        return {"Parameters": []}

    def describe_stacks(self, StackName):
        if self.status is None:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": self.status}]}

    def create_change_set(self, **asked):
        self.asked = asked

    def describe_change_set(self, **_):
        return {"Status": "CREATE_COMPLETE"}

    def execute_change_set(self, **_):
        self.status = f"{self.asked['ChangeSetType']}_COMPLETE"


@pytest.mark.parametrize("status, kind, taken", [(None, "CREATE", True), ("UPDATE_COMPLETE", "UPDATE", False)])
def test_a_new_stack_takes_in_what_an_earlier_one_left(status, kind, taken):
    """Log groups and tables have names and stay when their stack goes: a new one would fail on them."""
    cloud = Cloud(status)
    change(cloud, "yiciban-test-compute", {"TemplateBody": "{}"}, {}, 0)
    assert (cloud.asked["ChangeSetType"], cloud.asked["ImportExistingResources"]) == (kind, taken)
