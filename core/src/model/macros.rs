//! What every generated model and union has in common.

/// Makes a struct a model: its fields by index, `Debug` (redacted), `Serialize` and `Deserialize` (wire names).
///
/// `[...]` lists the optional lists that a request leaves out when they are empty.
macro_rules! model {
    (@view $self:ident, field $field:ident) => { $crate::model::Slot::view(&$self.$field) };
    (@view $self:ident, constant $constant:ident) => { $crate::model::Ref::Text(Self::$constant) };
    (@slot $self:ident, field $field:ident) => { Some(&mut $self.$field) };
    (@slot $self:ident, constant $constant:ident) => { None };
    ($model:ident, $shape:ident, [$($list:literal),*] { $($index:literal $kind:ident $field:ident,)* }) => {
        impl $crate::model::Model for $model {
            fn shape(&self) -> &'static $crate::model::Shape {
                &$crate::generated::shapes::$shape
            }

            fn get(&self, index: usize) -> $crate::model::Ref<'_> {
                match index {
                    $($index => $crate::model::model!(@view self, $kind $field),)*
                    _ => $crate::model::Ref::Absent,
                }
            }

            fn extra(&self) -> &$crate::model::Extra {
                &self.extra
            }

            fn is_sent(&self, index: usize) -> bool {
                let is_left_out_when_empty = [$($list),*].contains(&index);
                match $crate::model::Model::get(self, index) {
                    $crate::model::Ref::Absent => false,
                    $crate::model::Ref::List(list) => !(is_left_out_when_empty && list.is_empty()),
                    _ => true,
                }
            }
        }

        impl $crate::model::ModelMut for $model {
            fn slot_mut(&mut self, index: usize) -> Option<&mut dyn $crate::model::Slot> {
                match index {
                    $($index => $crate::model::model!(@slot self, $kind $field),)*
                    _ => None,
                }
            }

            fn extra_mut(&mut self) -> &mut $crate::model::Extra {
                &mut self.extra
            }
        }

        impl $crate::model::Typed for $model {
            const SHAPE: &'static $crate::model::Shape = &$crate::generated::shapes::$shape;
        }

        impl $crate::model::Slot for $model {
            fn view(&self) -> $crate::model::Ref<'_> {
                $crate::model::Ref::Model(self)
            }

            fn open_object(&mut self, _: Option<usize>) -> Option<&mut dyn $crate::model::ModelMut> {
                *self = Self::default();
                Some(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $model {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::deserialize(deserializer)
            }
        }

        $crate::model::model!(@shown $model);
    };
    (@shown $model:ident) => {
        impl std::fmt::Debug for $model {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&$crate::model::Redacted($crate::model::Slot::view(self)), f)
            }
        }

        impl serde::Serialize for $model {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::model::Written::wire($crate::model::Slot::view(self)).serialize(serializer)
            }
        }
    };
}
pub(crate) use model;

/// Makes an enum a union of models. The last variant is the fallback.
macro_rules! union {
    ($union:ident, $shape:ident { $($index:pat => $variant:ident $model:path,)* } else $fallback:ident $fallback_model:path) => {
        impl $crate::model::TypedUnion for $union {
            const SHAPE: &'static $crate::model::UnionShape = &$crate::generated::shapes::$shape;

            fn as_model(&self) -> &dyn $crate::model::Model {
                match self {
                    $(Self::$variant(model) => model,)*
                    Self::$fallback(model) => model,
                }
            }
        }

        impl Default for $union {
            fn default() -> Self {
                Self::$fallback(Default::default())
            }
        }

        $(
            impl From<$model> for $union {
                fn from(model: $model) -> Self {
                    Self::$variant(model)
                }
            }
        )*

        impl From<$fallback_model> for $union {
            fn from(model: $fallback_model) -> Self {
                Self::$fallback(model)
            }
        }

        impl $crate::model::Slot for $union {
            fn view(&self) -> $crate::model::Ref<'_> {
                $crate::model::Ref::Model($crate::model::TypedUnion::as_model(self))
            }

            fn open_object(&mut self, variant: Option<usize>) -> Option<&mut dyn $crate::model::ModelMut> {
                *self = match variant? {
                    $($index => Self::$variant(Default::default()),)*
                    _ => Self::$fallback(Default::default()),
                };
                Some(match self {
                    $(Self::$variant(model) => model,)*
                    Self::$fallback(model) => model,
                })
            }
        }

        impl<'de> serde::Deserialize<'de> for $union {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::deserialize_union(deserializer)
            }
        }

        $crate::model::model!(@shown $union);
    };
}
pub(crate) use union;
