"""From a question to its answer; and a student's own method and quantities are really used."""

import keras
import numpy as np
import pytest
from hand_nets import LINEAR_KERNEL, convolutional, linear, squares
from keras import layers

from hwkit.attribution.aumann_shapley import AumannShapley
from hwkit.explanation import Explanation, ExplanationData, ExplanationForLayer
from hwkit.quantities import Quantity

X = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])


@pytest.fixture(scope="module")
def pictures() -> Explanation:
    return Explanation(convolutional(), AumannShapley(5))


# Answers -----------------------------------------------------------------------------------------


def test_what_an_explanation_says():
    explanation = Explanation(squares(), AumannShapley(10))
    data = explanation.for_input().comparative(1, 0).explain(X[0], False)
    assert data.single and data.layer is None and data.quantity == "class 1 minus class 0"
    assert data.points == 10 and data.precision_error == 0
    np.testing.assert_array_equal(data.instance, X[0])
    # Right Riemann sum with ten steps of a quadratic: 1.1 times the truth, all over.
    assert data.completeness_error == pytest.approx(0.1, abs=1e-5)
    assert isinstance(data.completeness_error, float) and isinstance(data.error_estimate, float)
    # Its drift is half a step times the rise of the gradient from 1/10 to 1.
    assert data.error_estimate == pytest.approx(0.09 / 1.1, rel=1e-4)


def test_the_predicted_class_is_explained_for_each_instance():
    explanation = Explanation(squares(), AumannShapley(10))
    found = explanation.for_input().predicted().explain(X, False).attribution
    scores = np.asarray(squares()(X.astype(np.float32)))
    for place, c in enumerate(scores.argmax(axis=1)):
        one = explanation.for_input().absolute(c).explain(X[place], False).attribution
        np.testing.assert_allclose(found[place], one, rtol=1e-5)


def test_one_of_several():
    data = Explanation(squares(), AumannShapley(10)).for_input().absolute(0).explain(X)
    assert len(data) == 2 and not data.single
    for place, one in enumerate(data):
        assert one.single and one.quantity == data.quantity
        np.testing.assert_array_equal(one.attribution, data.attribution[place])
        np.testing.assert_array_equal(one.instance, X[place])
        assert one.error_estimate == data.error_estimate[place] and one.points == 10
    assert len(list(data)) == 2
    for wrong in (lambda: len(one), lambda: one[0], lambda: list(one)):
        with pytest.raises(TypeError, match="several instances"):
            wrong()


def test_completeness_is_reported_for_the_influence_as_well():
    question = Explanation(squares(), AumannShapley(10)).for_input().absolute(0)
    with_difference, without = question.explain(X, False, 0.5), question.explain(X, True, 0.5)
    np.testing.assert_allclose(
        without.completeness_error, with_difference.completeness_error, rtol=1e-4
    )
    np.testing.assert_allclose(
        without.attribution * (X - 0.5), with_difference.attribution, rtol=1e-5
    )


def test_explaining_twice_is_independent():
    question = Explanation(squares(), AumannShapley(10)).for_input().absolute(0)
    first = question.explain(X[0])
    copy = first.attribution.copy()
    second = question.explain(X)
    assert first.points == 10 and second.points.shape == (2,)
    np.testing.assert_array_equal(first.attribution, copy)


@pytest.mark.parametrize("layer", ["second", 2, np.int64(2)])
def test_slices_by_name_and_index(pictures, layer):
    x = np.ones((12, 12, 3))
    data = pictures.for_layer(layer).absolute(0).explain(x)
    assert data.layer == "second" and data.attribution.shape == (6, 6, 8)


def test_a_channel_of_a_later_layer_in_terms_of_a_slice(pictures):
    x = np.random.default_rng(0).normal(size=(12, 12, 3))
    data = pictures.for_layer("pool").channel("second", 3).explain(x, False, baseline=0.0)
    assert data.layer == "pool" and data.quantity == "second channel 3"
    second = keras.Model(pictures.model.inputs, pictures.model.get_layer("second").output)
    pooled = keras.Model(pictures.model.inputs, pictures.model.get_layer("pool").output)
    bias = pictures.model.get_layer("second").bias.numpy()[3]
    gain = second(x[None]).numpy()[..., 3].sum() - 36 * max(bias, 0)
    assert data.completeness_error == pytest.approx(abs(data.attribution.sum() / gain - 1), rel=0.1)
    assert pooled(x[None]).shape[1:] == data.attribution.shape


def test_a_channel_before_the_slice_is_refused(pictures):
    with pytest.raises(ValueError, match=r"before 'first'.*layer='second'"):
        pictures.for_layer("second").channel("first", 0)


def test_an_unknown_layer_is_refused_at_once(pictures):
    with pytest.raises(ValueError, match=r"Did you mean second"):
        pictures.for_layer("secnd")


def test_a_class_that_is_not_there_is_refused(pictures):
    with pytest.raises(ValueError, match=r"index from 0 to 3.*Received: 4"):
        pictures.for_input().absolute(4).explain(np.ones((12, 12, 3)))


@pytest.mark.parametrize("method", [AumannShapley, 50, "integrated gradients"])
def test_a_method_is_an_object(method):
    with pytest.raises(TypeError, match=r"such as AumannShapley\(resolution=50\)"):
        Explanation(linear(), method)


@pytest.mark.parametrize("model", ["model.keras", None, linear])
def test_a_model_is_a_keras_model(model):
    with pytest.raises(TypeError, match="Expected a Keras model"):
        Explanation(model)


def test_the_networks_weights_are_read_when_asked():
    """An explanation follows the network: nothing of the old weights is kept."""
    model = linear()
    question = Explanation(model).for_input().absolute(0)
    question.explain(X[0])
    model.layers[-1].set_weights([3 * LINEAR_KERNEL, np.zeros(2)])
    np.testing.assert_allclose(
        question.explain(X[0]).attribution, 3 * LINEAR_KERNEL[:, 0], rtol=1e-6
    )


# A student's own code ----------------------------------------------------------------------------


class OwnRiemann(AumannShapley):
    """As a student writes it: a loop over one path."""

    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        z = self.activations(instance)
        start = np.zeros_like(z) if baseline is None else np.broadcast_to(baseline, z.shape)
        total = np.zeros_like(z)
        for i in range(1, self.resolution + 1):
            total += self.gradients(start + i / self.resolution * (z - start))
        total /= self.resolution
        return total if ignore_difference_term else total * (z - start)


class WrongRiemann(OwnRiemann):
    """Forgets to divide."""

    def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
        whole = super().get_attributions(instance, ignore_difference_term, baseline)
        return whole * self.resolution


@pytest.mark.parametrize("layer", [None, "pool"])
@pytest.mark.parametrize("ignored", [True, False])
def test_a_students_method_gives_what_ours_gives(pictures, layer, ignored):
    x = np.random.default_rng(3).normal(size=(2, 12, 12, 3))
    ours, theirs = pictures.with_method(AumannShapley(7)), pictures.with_method(OwnRiemann(7))
    answers = []
    for explanation in (ours, theirs):
        at = explanation.for_layer(layer) if layer else explanation.for_input()
        answers.append(at.comparative(0, 1).explain(x, ignored, 0.25))
    np.testing.assert_allclose(answers[1].attribution, answers[0].attribution, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(
        answers[1].completeness_error, answers[0].completeness_error, rtol=0.02, atol=1e-4
    )
    assert answers[1].error_estimate is None and answers[1].points is None
    assert answers[1][0].error_estimate is None


def test_a_students_mistake_shows():
    data = Explanation(linear(), WrongRiemann(7)).for_input().absolute(0).explain(X[0], False)
    np.testing.assert_allclose(data.attribution, 7 * LINEAR_KERNEL[:, 0] * X[0], rtol=1e-5)
    assert data.completeness_error == pytest.approx(6, rel=1e-4)  # seven times the gain, less one


class OwnQuestions(ExplanationForLayer):
    """A student's quantities of interest; the comparison is the wrong way round."""

    def absolute(self, c):
        return self.for_quantity(Quantity(((c, 1.0),), name="own"))

    def comparative(self, c1, c2):
        return self.for_quantity(Quantity(((c2, 1.0), (c1, -1.0)), name="own difference"))


def test_a_students_quantities_are_used():
    explanation = Explanation(linear(), AumannShapley(3), layer_class=OwnQuestions)
    for each in (explanation, explanation.with_method(AumannShapley(4))):
        at = each.for_input()
        assert isinstance(at, OwnQuestions) and isinstance(each.for_layer("x"), OwnQuestions)
        data = at.absolute(1).explain(X[0])
        assert data.quantity == "own"
        np.testing.assert_allclose(data.attribution, LINEAR_KERNEL[:, 1], rtol=1e-6)
        wrong = at.comparative(0, 1).explain(X[0]).attribution
        np.testing.assert_allclose(wrong, LINEAR_KERNEL[:, 1] - LINEAR_KERNEL[:, 0], rtol=1e-6)


@pytest.mark.parametrize("shape", [(2,), (1, 3), (3, 1), ()])
def test_a_students_answer_of_another_shape_is_refused(shape):
    class Misshapen(AumannShapley):
        def get_attributions(self, instance, ignore_difference_term=True, baseline=None):
            return np.zeros(shape)

    question = Explanation(linear(), Misshapen()).for_input().absolute(0)
    with pytest.raises(ValueError, match=r"the shape of the slice, \(3,\)\. Received: shape \("):
        question.explain(X[0])


def test_what_a_student_may_do_to_the_instance_stays_there():
    """Explaining does not change the caller's array."""
    x = X[0].copy()
    Explanation(linear()).for_input().absolute(0).explain(x, False)
    np.testing.assert_array_equal(x, X[0])


def test_data_of_ones_own():
    data = ExplanationData(np.ones((2, 2, 3)), np.zeros((2, 2, 3)))
    assert data.single and np.isnan(data.completeness_error) and data.error_estimate is None


def test_a_model_whose_softmax_is_hidden_is_refused_when_asked():
    source = keras.Input((3,))
    hidden = layers.Lambda(keras.ops.softmax)(layers.Dense(4)(source))
    with pytest.raises(ValueError, match="logits as the output"):
        Explanation(keras.Model(source, hidden)).for_input().absolute(0)
